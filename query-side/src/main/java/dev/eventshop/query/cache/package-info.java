/** Answers that are kept for less than a second, so that what everybody looks at is not asked of the database each time. */
@NullMarked
package dev.eventshop.query.cache;

import org.jspecify.annotations.NullMarked;
