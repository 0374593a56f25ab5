/** Server-sent events: what a view says, and again at each change. */
@NullMarked
package dev.eventshop.query.stream;

import org.jspecify.annotations.NullMarked;
