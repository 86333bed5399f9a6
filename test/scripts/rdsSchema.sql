-- The tables of RDS in the types that docs/domain.md §3 gives; where it gives none, in those that are usual.
create type feature_state as enum ('enabled', 'disabled', 'testing');

create table companies (
    id uuid primary key,
    name varchar(255),
    address varchar(255),
    city varchar(255),
    state varchar(255),
    zip varchar(255),
    phone varchar(255),
    website varchar(255),
    logo varchar(255),
    short_id varchar(255),
    salesforce_account_id varchar(255),
    inserted_at timestamp not null,
    updated_at timestamp not null
);

create table properties (
    id uuid primary key,
    name varchar(255),
    entity_name varchar(255),
    logo varchar(255),
    phone varchar(255),
    website varchar(255),
    email varchar(255),
    unit integer,
    address varchar(255),
    city varchar(255),
    state varchar(255),
    zip varchar(255),
    status varchar(255),
    inserted_at timestamptz not null,
    updated_at timestamp not null,
    company_id uuid references companies (id),
    company_short_id varchar(255),
    short_id varchar(255),
    pmc_name varchar(255),
    bank_statement integer default 2,
    paystub integer default 2,
    unit_is_required boolean default true,
    phone_is_required boolean default true,
    identity_verification_enabled boolean default false,
    identity_verification_provider varchar(255) default 'incode',
    identity_verification_flow_types jsonb,
    identity_verification_report_image_types jsonb,
    supported_doctypes jsonb,
    textsearchable_index_col tsvector,
    sfdc_id varchar(255),
    -- Not in the contract: left behind.
    password_digest text default 'not to be copied'
);

create table features (
    id bigint primary key,
    name varchar(255),
    code varchar(255)
);

create table property_features (
    id bigint primary key,
    feature_code varchar(255),
    property_id uuid,
    state feature_state,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);

create table property_feature_events (
    id uuid primary key,
    feature_code varchar(255),
    property_id uuid,
    event_type varchar(255),
    inserted_at timestamp not null
);

insert into features values
    (1, 'Identity verification', 'identity_verification'),
    (2, 'Bank linking', 'bank_linking'),
    (3, 'Payroll linking', 'payroll_linking'),
    (4, 'Income verification', 'income_verification'),
    (5, 'Rental history', 'rental_history');
