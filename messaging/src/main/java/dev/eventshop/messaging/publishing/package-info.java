/** Publishing with confirms, and the topology it needs. */
@NullMarked
package dev.eventshop.messaging.publishing;

import org.jspecify.annotations.NullMarked;
