/** Settings and beans of the service. */
@NullMarked
package dev.eventshop.notification.config;

import org.jspecify.annotations.NullMarked;
