// Makes the frame around a scene as high as the scene. The body of a function of `root`, the scene's element, and `fits`:
// what lies over the page, and whole pages, keep the height of a device.
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
