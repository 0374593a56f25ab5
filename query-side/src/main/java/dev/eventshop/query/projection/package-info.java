/** What all projections have in common: batches, processors, positions, and their administration. */
@NullMarked
package dev.eventshop.query.projection;

import org.jspecify.annotations.NullMarked;
