-- Without its one row every view would be empty, with two every row would be there twice.
with context as (
    select *
    from ${catalog}.${schema}.sync_context
)

select count(*) as row_count
from context
having count(*) <> 1
