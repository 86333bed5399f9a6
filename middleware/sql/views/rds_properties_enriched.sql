-- One row per row of the RDS table of properties, soft-deleted rows included.
create or replace view ${catalog}.${schema}.rds_properties_enriched as
with properties as (
    select *
    from ${catalog}.${schema}.source_properties
),

live_companies as (
    select
        lower(text_value(id)) as company_id,
        text_value(name) as company_name
    from ${catalog}.${schema}.source_companies
    where not coalesce(_fivetran_deleted, false)
),

feature_rows as (
    select *
    from ${catalog}.${schema}.source_property_feature_rows
),

us_state as (
    select *
    from ${catalog}.${schema}.us_state
),

context as (
    select *
    from ${catalog}.${schema}.sync_context
),

-- A fan-out join upstream yields several feature rows per property; the newest one counts.
dated_feature_rows as (
    select
        lower(text_value(property_id)) as rds_property_id,
        product_property_id,
        coalesce(idv_enabled, false) as idv_enabled,
        coalesce(bank_linking_enabled, false) as bank_linking_enabled,
        coalesce(payroll_linking_enabled, false) as payroll_enabled,
        coalesce(iv_enabled, false) as income_insights_enabled,
        coalesce(fraud_enabled, false) as document_fraud_enabled,
        idv_enabled_at,
        bank_linking_enabled_at,
        payroll_linking_enabled_at as payroll_enabled_at,
        iv_enabled_at as income_insights_enabled_at,
        fraud_enabled_at as document_fraud_enabled_at,
        greatest(
            coalesce(idv_updated_at, timestamp '1900-01-01 00:00:00'),
            coalesce(bank_linking_updated_at, timestamp '1900-01-01 00:00:00'),
            coalesce(payroll_linking_updated_at, timestamp '1900-01-01 00:00:00'),
            coalesce(iv_updated_at, timestamp '1900-01-01 00:00:00'),
            coalesce(fraud_updated_at, timestamp '1900-01-01 00:00:00')
        ) as newest_updated_at,
        greatest(
            coalesce(idv_enabled_at, timestamp '1900-01-01 00:00:00'),
            coalesce(bank_linking_enabled_at, timestamp '1900-01-01 00:00:00'),
            coalesce(payroll_linking_enabled_at, timestamp '1900-01-01 00:00:00'),
            coalesce(iv_enabled_at, timestamp '1900-01-01 00:00:00'),
            coalesce(fraud_enabled_at, timestamp '1900-01-01 00:00:00')
        ) as newest_enabled_at
    from feature_rows
),

signed_feature_rows as (
    select
        *,
        concat_ws(
            ',',
            cast(idv_enabled as string),
            cast(bank_linking_enabled as string),
            cast(payroll_enabled as string),
            cast(income_insights_enabled as string),
            cast(document_fraud_enabled as string)
        ) as flags
    from dated_feature_rows
),

ranked_feature_rows as (
    select
        *,
        row_number() over (
            partition by rds_property_id
            order by
                newest_updated_at desc,
                newest_enabled_at desc,
                product_property_id asc nulls last,
                flags desc,
                idv_enabled_at asc nulls last,
                bank_linking_enabled_at asc nulls last,
                payroll_enabled_at asc nulls last,
                income_insights_enabled_at asc nulls last,
                document_fraud_enabled_at asc nulls last
        ) as row_position,
        min(flags) over (partition by rds_property_id, newest_updated_at, newest_enabled_at) as least_flags,
        max(flags) over (partition by rds_property_id, newest_updated_at, newest_enabled_at) as greatest_flags
    from signed_feature_rows
),

reduced_features as (
    select
        *,
        least_flags <> greatest_flags as has_ambiguous_features
    from ranked_feature_rows
    where row_position = 1
),

cleaned_properties as (
    select
        lower(text_value(id)) as rds_property_id,
        sfdc_id,
        text_value(sfdc_id) as sfdc_text,
        text_value(short_id) as short_id,
        lower(text_value(company_id)) as company_id,
        text_value(name) as full_name,
        upper(text_value(status)) as property_status,
        text_value(address) as address,
        text_value(city) as city,
        upper(text_value(state)) as state_text,
        text_value(zip) as postal_code,
        inserted_at as created_at,
        updated_at,
        coalesce(_fivetran_deleted, false) as is_deleted
    from properties
),

identified_properties as (
    select
        *,
        salesforce_id_18(sfdc_text) as clean_sfdc_id
    from cleaned_properties
),

judged_properties as (
    select
        identified_properties.*,
        coalesce(replace(identified_properties.sfdc_text, 'X', '') = '', false) as is_all_x,
        coalesce(
            regexp_like(identified_properties.clean_sfdc_id, '^[A-Za-z0-9]{18}$')
            and substring(identified_properties.clean_sfdc_id, 1, 3) = context.production_key_prefix
            and salesforce_id_18(substring(identified_properties.clean_sfdc_id, 1, 15)) = identified_properties.clean_sfdc_id,
            false
        ) as has_valid_sfdc_id,
        -- Whole words only: the neighbours of a word are neither letters, accented ones included, nor digits. DuckDB makes
        -- one character of the one letter whose small form is two.
        context.is_test_name_excluded
        and instr(
            concat(';', context.test_name_allow_list, ';'),
            concat(';', identified_properties.rds_property_id, ';')
        ) = 0
        and coalesce(
            regexp_like(
                lower(replace(identified_properties.full_name, 'İ', 'i̇')),
                '(^|[^0-9a-zà-ɏ])(test|demo|sample|staging|qa|dev|sandbox|training|dummy|fake|temp|do not|delete|remove|duplicate)([^0-9a-zà-ɏ]|$)'
            ),
            false
        ) as is_test_name,
        context.is_placeholder_excluded
    from identified_properties
    cross join context
),

joined_properties as (
    select
        judged_properties.*,
        live_companies.company_name,
        us_state.state_code,
        judged_properties.is_all_x and judged_properties.is_placeholder_excluded as is_placeholder,
        not judged_properties.is_deleted and coalesce(judged_properties.property_status = 'ACTIVE', false) as is_active,
        coalesce(reduced_features.idv_enabled, false) as idv_enabled,
        coalesce(reduced_features.bank_linking_enabled, false) as bank_linking_enabled,
        coalesce(reduced_features.payroll_enabled, false) as payroll_enabled,
        coalesce(reduced_features.income_insights_enabled, false) as income_insights_enabled,
        coalesce(reduced_features.document_fraud_enabled, false) as document_fraud_enabled,
        reduced_features.idv_enabled_at,
        reduced_features.bank_linking_enabled_at,
        reduced_features.payroll_enabled_at,
        reduced_features.income_insights_enabled_at,
        reduced_features.document_fraud_enabled_at,
        coalesce(reduced_features.has_ambiguous_features, false) as has_ambiguous_features
    from judged_properties
    left join live_companies on live_companies.company_id = judged_properties.company_id
    left join us_state on us_state.spelling = judged_properties.state_text
    left join reduced_features on reduced_features.rds_property_id = judged_properties.rds_property_id
)

select
    rds_property_id,
    sfdc_id,
    case when has_valid_sfdc_id then clean_sfdc_id end as sfdc_id_18,
    short_id,
    company_id,
    company_name,
    trim(substring(full_name, 1, 80)) as property_name,
    property_status,
    address,
    city,
    state_code as state,
    postal_code,
    created_at,
    updated_at,
    idv_enabled,
    bank_linking_enabled,
    payroll_enabled,
    income_insights_enabled,
    document_fraud_enabled,
    idv_enabled_at,
    bank_linking_enabled_at,
    payroll_enabled_at,
    income_insights_enabled_at,
    document_fraud_enabled_at,
    is_active,
    has_valid_sfdc_id,
    is_placeholder,
    is_test_name,
    is_deleted,
    is_active and company_id is not null and not is_placeholder and not is_test_name as is_eligible,
    case
        when property_status = 'ACTIVE' and has_valid_sfdc_id then 'active_with_sfdc'
        when property_status = 'ACTIVE' then 'active_without_sfdc'
        else 'disabled'
    end as population,
    case when has_valid_sfdc_id then clean_sfdc_id else rds_property_id end as group_key,
    has_ambiguous_features,
    state_text is not null and state_code is null as has_invalid_state,
    clean_sfdc_id is not null and not is_all_x and not has_valid_sfdc_id as has_malformed_sfdc_id,
    coalesce(length(full_name) > 80, false) as is_name_truncated
from joined_properties
