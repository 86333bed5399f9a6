trigger PropertyRollup on Product_Property__c(
    before insert,
    before update,
    after insert,
    after update,
    after delete,
    after undelete
) {
    PropertyRollupHandler.handle(Trigger.operationType, Trigger.new, Trigger.oldMap);
}
