/** The names that the automation stand-in knows (docs/domain.md §4). A real org's Flow names them in its metadata. */
export const STAGING_OBJECT = 'Product_Property__c';
export const PRODUCTION_OBJECT = 'Property__c';
export const KEY_FIELD = 'RDS_Property_ID__c';
export const LOOKUP_FIELD = 'Property__c';
export const SOURCE_ID_FIELD = 'Source_Salesforce_ID__c';
export const STATUS_FIELD = 'Status__c';

/** A feature's checkbox and start date, alike on both objects. */
export const FEATURE_FIELDS = [
  'ID_Verification',
  'Bank_Linking',
  'Connected_Payroll',
  'Income_Verification',
  'Fraud_Detection',
].map((stem) => ({ flag: `${stem}_Enabled__c`, date: `${stem}_Start_Date__c` }));

/** What a new production record takes over from its staging row. */
export const COPIED_FIELDS = [
  'Name',
  'Street__c',
  'City__c',
  'State_Code__c',
  'Postal_Code__c',
  'Company_Name__c',
] as const;
