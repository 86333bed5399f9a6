/** Names in the package which the commands speak of. They are the file names in force-app. */
export const packageNames = {
  stagingObject: 'Product_Property__c',
  productionObject: 'Property__c',
  keyField: 'RDS_Property_ID__c',
  namedCredential: 'Property_Sync',
  externalCredential: 'Property_Sync',
  principal: 'Middleware',
  /** The value `{!$Credential.Property_Sync.ApiKey}` of the external credential's header. */
  secretName: 'ApiKey',
  permissionSets: {
    viewer: 'Property_Sync_Viewer',
    operator: 'Property_Sync_Operator',
    integration: 'Property_Sync_Integration',
    /** Comes with the objects: it shows their app and tabs. */
    app: 'Property_Sync_App',
  },
} as const;

/** The two objects which a customer may have already. */
export const customerObjects: readonly string[] = [packageNames.stagingObject, packageNames.productionObject];
