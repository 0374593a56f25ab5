/** What the messages about orders lead to. */
@NullMarked
package dev.eventshop.notification.order;

import org.jspecify.annotations.NullMarked;
