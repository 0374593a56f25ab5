package dev.eventshop.eventstore;

import dev.eventshop.eventstore.schema.EventStoreSchema;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/** Puts the store's schema before the application's own migrations and before everything that uses the database. */
final class EventStoreSchemaDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(EventStoreSchema.class);
    }

    @Override
    public int getOrder() {
        return -1; // Flyway has 0 and 1
    }
}
