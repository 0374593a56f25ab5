/** Commands and views of whole services, each in a process of its own, over HTTP. */
@NullMarked
package dev.eventshop.benchmarks.shop;

import org.jspecify.annotations.NullMarked;
