/** What a person is told before a download begins; counted by the build from the manifest of the models. */
declare const __REWRITER_BYTES__: number;

/** Of the decoder that writes whole sentences; 0 in an edition without it. */
export const REWRITER_BYTES = typeof __REWRITER_BYTES__ === 'undefined' ? 0 : __REWRITER_BYTES__;
