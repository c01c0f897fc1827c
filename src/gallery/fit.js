// Makes the frame as high as its scene. This file is the body of a function of `root`, the scene's element,
// and `fits`. Sheets and whole pages keep a device's height: `fits` is false for them.
window.galleryFit?.disconnect();
const frame = window.frameElement;
if (frame) {
  frame.style.removeProperty("height");
  if (fits) {
    const height = () => frame.style.setProperty("height", `${Math.max(root.scrollHeight, 80)}px`);
    window.galleryFit = new ResizeObserver(height);
    window.galleryFit.observe(root.firstElementChild ?? root);
    height();
  }
}
