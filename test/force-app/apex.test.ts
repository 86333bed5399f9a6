import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyPackage, runCheck, type PackageCopy } from './packageCopy.ts';

const semanticFaults = `public with sharing class Semantic {
    public static void call() {
        NoSuchType one = null;
        PropertyRollupHandler.noSuchMethod('x');
        new HttpRequest().setNoSuch('x');
        Integer two = undeclared + 1;
        Integer three = 'text';
        Property__c property = new Property__c();
        property.No_Such_Field__c = 'x';
        List<SObject> found = [SELECT Id FROM No_Such_Object__c];
        String label = System.Label.No_Such_Label;
    }

    public static Integer missingReturn() {
        Integer four = 1;
    }
}
`;

const ruleFaults = `public class Unsafe {
    @AuraEnabled
    public static List<SObject> search(String name) {
        return Database.query('SELECT Id FROM Property__c WHERE Name = \\'' + name + '\\'');
    }

    @AuraEnabled
    public static void save(Property__c property) {
        insert property;
    }

    public static void saveEach(List<Property__c> properties) {
        for (Property__c property : properties) {
            try {
                update property;
            } catch (DmlException failure) {
            }
        }
    }

    public static void send() {
        HttpRequest request = new HttpRequest();
        request.setEndpoint('http://middleware.example/api');
        request.setHeader('Authorization', 'Bearer abc123');
        new Http().send(request);
    }
}
`;

describe('the Apex of the package', () => {
  it('is without a fault', async () => {
    expect(await runCheck('check-apex')).toEqual({
      exitCode: 0,
      findings: [],
      output: 'apex: no fault\n',
    });
  });
});

describe('the check of Apex', () => {
  let copy: PackageCopy;
  beforeEach(async () => {
    copy = await copyPackage();
  });
  afterEach(() => copy.remove());

  it('finds what is badly formatted, what does not parse and what is wrong in type', async () => {
    await copy.addClass(
      'Broken',
      'public class Broken {\n    public void a() {\n        Integer i = 1\n    }\n}\n',
    );
    await copy.addClass('Semantic', semanticFaults);
    await copy.edit('main/default/triggers/PropertyRollup.trigger', '    before insert,', '  before insert,');
    const { exitCode, findings } = await copy.check('check-apex');
    const at = (name: string): string[] =>
      findings
        .filter((finding) => finding.includes(name))
        .map((finding) => finding.replace('force-app/main/default/', ''));
    expect(exitCode).toBe(1);
    expect(at('PropertyRollup.trigger')).toEqual([
      'triggers/PropertyRollup.trigger:2 format: Not formatted: run `npm run apex -- --fix`.',
    ]);
    expect(at('Broken.cls:')).toEqual([
      expect.stringMatching(/^classes\/Broken\.cls:\d+ format: /),
      expect.stringMatching(/^classes\/Broken\.cls:4 types Syntax: /),
    ]);
    const lines = at('Semantic.cls:').map((finding) => Number(/:(\d+) types /.exec(finding)?.[1]));
    expect(lines.sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 9, 10, 11, 15]);
  });

  it('finds unsafe, error-prone and slow code, and paths from an entry point that check nothing', async () => {
    await copy.empty('main/default/classes', 'main/default/triggers');
    await copy.addClass('Unsafe', ruleFaults);
    const { exitCode, findings } = await copy.check('check-apex');
    expect(exitCode).toBe(1);
    const rules = findings.map((finding) => /:\d+ (\w+ \w+): /.exec(finding)?.[1]);
    expect([...new Set(rules)].sort()).toEqual([
      'pmd ApexCRUDViolation',
      'pmd ApexInsecureEndpoint',
      'pmd ApexSOQLInjection',
      'pmd ApexSharingViolations',
      'pmd ApexSuggestUsingNamedCred',
      'pmd AvoidHardcodedCredentialsInHttpHeader',
      'pmd EmptyCatchBlock',
      'pmd OperationWithLimitsInLoop',
      'sfge ApexFlsViolation',
      'sfge DatabaseOperationsMustUseWithSharing',
    ]);
  });

  it('says what to install where Java is missing', async () => {
    const { exitCode, findings } = await runCheck('check-apex', [], {
      ...process.env,
      JAVA_HOME: '/nowhere',
    });
    expect(exitCode).toBe(69);
    expect(findings).toEqual([
      'Checking Apex needs Java 11 or newer: install it (Debian: apt install openjdk-17-jre-headless) or set JAVA_HOME.',
    ]);
  });
});
