/** The whole shop as one process. */
@NullMarked
package dev.eventshop.standalone;

import org.jspecify.annotations.NullMarked;
