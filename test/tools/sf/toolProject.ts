const xml = (root: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${inner}</${root}>\n`;

const own: Readonly<Record<string, string>> = {
  'lwc/hello/hello.js': `import { LightningElement } from 'lwc';
import listTools from '@salesforce/apex/ToolController.listTools';
import title from '@salesforce/label/c.Hello_Title';

export default class Hello extends LightningElement {
  title = title;
  tools = listTools;
}
`,
  'lwc/hello/hello.html': '<template>{title}</template>\n',
  'lwc/hello/hello.js-meta.xml': xml(
    'LightningComponentBundle',
    '<apiVersion>66.0</apiVersion><isExposed>true</isExposed><targets><target>lightning__RecordPage</target></targets>',
  ),
  'classes/ToolController.cls': `public with sharing class ToolController {
  @AuraEnabled(cacheable=true)
  public static List<Tool__c> listTools() {
    return [SELECT Id, Size__c FROM Tool__c WITH USER_MODE LIMIT 50];
  }
}
`,
  'classes/ToolController.cls-meta.xml': xml(
    'ApexClass',
    '<apiVersion>66.0</apiVersion><status>Active</status>',
  ),
  'objects/Tool__c/Tool__c.object-meta.xml': xml(
    'CustomObject',
    '<deploymentStatus>Deployed</deploymentStatus><label>Tool</label><nameField><label>Name</label><type>Text</type></nameField><pluralLabel>Tools</pluralLabel><sharingModel>ReadWrite</sharingModel>',
  ),
  'objects/Tool__c/fields/Size__c.field-meta.xml': xml(
    'CustomField',
    '<fullName>Size__c</fullName><label>Size</label><length>20</length><type>Text</type>',
  ),
  'labels/CustomLabels.labels-meta.xml': xml(
    'CustomLabels',
    '<labels><fullName>Hello_Title</fullName><language>en_US</language><protected>false</protected><shortDescription>Title</shortDescription><value>Hello</value></labels>',
  ),
  'permissionsets/Tools.permissionset-meta.xml': xml(
    'PermissionSet',
    '<fieldPermissions><editable>true</editable><field>Tool__c.Size__c</field><readable>true</readable></fieldPermissions><label>Tools</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Tool__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>',
  ),
};

/** A small SFDX project by file: a Lightning component, its controller, label, object and permission set. */
export const toolProject: Readonly<Record<string, string>> = {
  'sfdx-project.json': JSON.stringify({
    packageDirectories: [{ path: 'force-app', default: true }],
    sourceApiVersion: '66.0',
  }),
  ...Object.fromEntries(
    Object.entries(own).map(([file, content]) => [`force-app/main/default/${file}`, content]),
  ),
};
