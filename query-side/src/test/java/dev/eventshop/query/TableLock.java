package dev.eventshop.query;

import dev.eventshop.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Keeps a table locked, to stop the application at a certain point. */
final class TableLock implements AutoCloseable {

    private final Connection connection;

    private TableLock(Connection connection) {
        this.connection = connection;
    }

    /**
     * Lets everybody read and write the table, but not empty it. Takes no transaction id, as a stronger lock would: that
     * would hold back what can be read of the event store.
     */
    static TableLock againstEmptying(TestDatabase database, String table) {
        return lock(database, table, "access share");
    }

    /** Lets everybody read the table, and nobody write it. Takes no transaction id either. */
    static TableLock againstWriting(TestDatabase database, String table) {
        return lock(database, table, "share");
    }

    private static TableLock lock(TestDatabase database, String table, String mode) {
        try {
            Connection connection = database.admin().getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table query_side." + table + " in " + mode + " mode");
            }
            return new TableLock(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
