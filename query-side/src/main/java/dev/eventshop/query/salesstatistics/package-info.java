/** What was sold on which day. */
@NullMarked
package dev.eventshop.query.salesstatistics;

import org.jspecify.annotations.NullMarked;
