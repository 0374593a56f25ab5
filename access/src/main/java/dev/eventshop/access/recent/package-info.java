/** What meters of a service were in the last hour, for operators to see; the same in each service. */
@NullMarked
package dev.eventshop.access.recent;

import org.jspecify.annotations.NullMarked;
