package dev.eventshop.standalone.server;

import javax.sql.DataSource;

/** A PostgreSQL that runs, with the roles of the services. */
public interface DatabaseServer extends Server {

    /** @return connections, not pooled, that may read every schema */
    DataSource reader();

    /** @return connections, not pooled, as the owner of the schemas, who may make them */
    DataSource owner();
}
