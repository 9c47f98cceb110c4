// The browser runs this script in a report. Its value describes the pictures of the report.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const collisions = all('section > svg').flatMap((picture) => {
    const frame = picture.getBoundingClientRect();
    const words = [...picture.querySelectorAll('text')].map((word) => ({
      text: word.textContent ?? '',
      box: word.getBoundingClientRect(),
    }));
    const outside = words.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1);
    const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
    const overlapping = words.filter((word, index) =>
      words.slice(index + 1).some((other) => overlap(word.box, other.box)),
    );
    return [...outside, ...overlapping].map(({ text }) => text);
  });
  const pictures = all('section > svg').map((picture) => {
    const { width, height } = picture.getBoundingClientRect();
    return { width, height };
  });
  for (const details of all('details')) {
    details.open = false;
  }
  return { headings: all('h1, h2').map((heading) => heading.textContent ?? ''), pictures, collisions };
})();
