/** One component of the package. */
export interface PackageComponent {
  /** Metadata type, such as `CustomField`. */
  readonly type: string;
  /** As Salesforce names it, such as `Product_Property__c.Status__c`. */
  readonly fullName: string;
  /** Sent only with `--with-objects`, and only to an org which has nothing of that name. */
  readonly isOptIn: boolean;
  /** The file in the package, as `force-app/…`. */
  readonly file: string;
}

/** What is the same component here and in the answers of an org. */
export const componentKey = ({ type, fullName }: Pick<PackageComponent, 'type' | 'fullName'>): string =>
  `${type}#${fullName}`;

/** `Product_Property__c` of `Product_Property__c.Status__c`. */
export const objectOf = (fullName: string): string => fullName.split('.')[0] ?? fullName;

/** `Status__c` of `Product_Property__c.Status__c`. */
export const fieldOf = (fullName: string): string => fullName.slice(objectOf(fullName).length + 1);
