/** Standalone as a whole, in a process of its own. */
@NullMarked
package dev.eventshop.benchmarks.standalone;

import org.jspecify.annotations.NullMarked;
