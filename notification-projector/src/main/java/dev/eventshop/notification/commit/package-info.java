/** What belongs right before or after the commit of a transaction. */
@NullMarked
package dev.eventshop.notification.commit;

import org.jspecify.annotations.NullMarked;
