/** The store's database schema: its migrations, and the cluster that its transaction ids belong to. */
@NullMarked
package dev.eventshop.eventstore.schema;

import org.jspecify.annotations.NullMarked;
