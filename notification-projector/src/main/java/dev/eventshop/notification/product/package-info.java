/** What the messages about products lead to. */
@NullMarked
package dev.eventshop.notification.product;

import org.jspecify.annotations.NullMarked;
