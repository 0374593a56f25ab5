/** Commands over HTTP: the command side against a stock application and against bare inserts. */
@NullMarked
package dev.eventshop.benchmarks.http;

import org.jspecify.annotations.NullMarked;
