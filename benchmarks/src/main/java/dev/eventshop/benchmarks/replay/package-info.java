/** Replays side by side, of a store with a long history. */
@NullMarked
package dev.eventshop.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
