// Scripts are checked for names that do not exist and calls that do not fit, not for what kind of element a selector finds.
interface Window {
  // What the bench puts into pages for itself to read.
  [name: string]: any;
}
interface Node {
  [name: string]: any;
}
interface PerformanceEntry {
  [name: string]: any;
}
declare module "babel-preset-solid";
declare module "@babel/core";
