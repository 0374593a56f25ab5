/** The event store as it grows. */
@NullMarked
package dev.eventshop.benchmarks.store;

import org.jspecify.annotations.NullMarked;
