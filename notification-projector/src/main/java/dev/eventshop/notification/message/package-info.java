/** What all reactions ask of a message before they believe it. */
@NullMarked
package dev.eventshop.notification.message;

import org.jspecify.annotations.NullMarked;
