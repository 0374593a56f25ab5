/** Runs the benchmarks one after the other, and writes down what they found. */
@NullMarked
package dev.eventshop.benchmarks.report;

import org.jspecify.annotations.NullMarked;
