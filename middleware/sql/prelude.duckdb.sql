-- Functions that the views use and DuckDB lacks. Each one is a builtin of Spark SQL of the same name and meaning, or,
-- where it says so, a SQL function that a Spark warehouse creates under the same name.

-- Spark builtins.
create or replace macro ${catalog}.${schema}.explode(list) as unnest(list);
create or replace macro ${catalog}.${schema}.collect_list(x) as coalesce(list(x) filter (x is not null), []);
create or replace macro ${catalog}.${schema}.sort_array(a) as list_sort(a, 'ASC', 'NULLS FIRST');
create or replace macro ${catalog}.${schema}.array_join(a, delimiter) as array_to_string(a, delimiter);
create or replace macro ${catalog}.${schema}.regexp_like(x, pattern) as regexp_matches(x, pattern);
create or replace macro ${catalog}.${schema}.get_json_object(x, path) as json_extract_string(x, path);

-- SQL function: control characters and runs of white space become one space; outer ones go; blank text becomes NULL.
-- Spark: nullif(trim(regexp_replace(x, '[\\p{Cc}\\p{Z}]+', ' ')), '')
-- Text that needs nothing, which is nearly all of it, is told by a cheaper expression than the one that replaces.
create or replace macro ${catalog}.${schema}.text_value(x) as
    case
        when regexp_full_match(x, '[!-~]+( [!-~]+)*') then x
        else nullif(trim(regexp_replace(x, '[\p{Cc}\p{Z}]+', ' ', 'g')), '')
    end;

-- SQL function: the checksum character of five characters of a Salesforce id. Spark: the same text.
create or replace macro ${catalog}.${schema}.salesforce_id_checksum(five) as
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

-- SQL function: a Salesforce id of 15 characters with its checksum, as 18; anything else unchanged. Spark: the same text.
create or replace macro ${catalog}.${schema}.salesforce_id_18(id) as
    case
        when regexp_matches(id, '^[A-Za-z0-9]{15}$')
            then id
                || salesforce_id_checksum(substring(id, 1, 5))
                || salesforce_id_checksum(substring(id, 6, 5))
                || salesforce_id_checksum(substring(id, 11, 5))
        else id
    end;
