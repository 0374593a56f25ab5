/** Load over HTTP, from a process of its own. */
@NullMarked
package dev.eventshop.benchmarks.load;

import org.jspecify.annotations.NullMarked;
