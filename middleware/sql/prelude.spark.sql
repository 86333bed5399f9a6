-- Functions that the views use and Spark lacks: SQL functions of the same names and meanings as the macros of
-- prelude.duckdb.sql. They are called without their schema, which must be the current one when views are made. Each
-- statement ends with a semicolon at the end of a line.

-- Control characters and runs of white space become one space; outer ones go; blank text becomes NULL.
create or replace function ${catalog}.${schema}.text_value(x string)
returns string
return nullif(trim(regexp_replace(x, r'[\p{Cc}\p{Z}]+', ' ')), '');

-- The checksum character of five characters of a Salesforce id.
create or replace function ${catalog}.${schema}.salesforce_id_checksum(five string)
returns string
return
    substring(
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
        1
            + case when substring(five, 1, 1) between 'A' and 'Z' then 1 else 0 end
            + case when substring(five, 2, 1) between 'A' and 'Z' then 2 else 0 end
            + case when substring(five, 3, 1) between 'A' and 'Z' then 4 else 0 end
            + case when substring(five, 4, 1) between 'A' and 'Z' then 8 else 0 end
            + case when substring(five, 5, 1) between 'A' and 'Z' then 16 else 0 end,
        1
    );

-- A Salesforce id of 15 characters with its checksum, as 18; anything else unchanged.
create or replace function ${catalog}.${schema}.salesforce_id_18(id string)
returns string
return
    case
        when regexp_like(id, '^[A-Za-z0-9]{15}$')
            then id
                || salesforce_id_checksum(substring(id, 1, 5))
                || salesforce_id_checksum(substring(id, 6, 5))
                || salesforce_id_checksum(substring(id, 11, 5))
        else id
    end;
