// The type check finds unknown names and wrong calls. It does not check which kind of element a selector
// finds.
interface Window {
  // Names that the bench adds to pages.
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
