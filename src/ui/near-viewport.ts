import type { Attachment } from 'svelte/attachments';

/** About two screens ahead: highlights are there before the reader is. */
const AHEAD = '1600px 0px';

/** Calls back once, when the element first comes near the viewport. */
export function nearViewport(onNear: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        onNear();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  };
}
