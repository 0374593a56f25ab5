package dev.eventshop.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;

/** PostgreSQL's driver, and somebody who is told what goes through it. */
public abstract class ObservedDriver implements Driver {

    private final Driver driver = new org.postgresql.Driver();

    /** @return for a new connection */
    protected abstract Observer observer();

    /** Of one connection. */
    public interface Observer {

        /**
         * Before a statement is executed.
         *
         * @param parameters in the order in which they were set; numbers, texts and others
         * @throws SQLException in place of its execution
         */
        default void executing(String sql, List<Object> parameters) throws SQLException {}

        /** A statement was executed. */
        default void executed(String sql) {}

        /** A row was read. */
        default void row() {}

        /** @param how {@code commit} or {@code rollback} */
        default void ending(String how) {}

        /** @param how {@code commit} or {@code rollback}, which succeeded */
        default void ended(String how) {}
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        Connection connection = driver.connect(url, info);
        return connection == null ? null : observed(connection, observer());
    }

    private static Connection observed(Connection connection, Observer observer) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            String name = method.getName();
            boolean ends = name.equals("commit") || name.equals("rollback");
            if (ends) {
                observer.ending(name);
            }
            Object result = call(connection, method, arguments);
            if (ends) {
                observer.ended(name);
            }
            if (result instanceof PreparedStatement statement) {
                return observed(PreparedStatement.class, statement, (String) arguments[0], observer);
            }
            return result instanceof Statement statement
                    ? observed(Statement.class, statement, null, observer)
                    : result;
        });
    }

    private static <S extends Statement> S observed(Class<S> type, S statement, String prepared, Observer observer) {
        List<Object> parameters = new ArrayList<>();
        return proxy(type, (proxy, method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            boolean given = arguments != null && arguments.length > 0 && arguments[0] instanceof String;
            String sql = executes && given ? (String) arguments[0] : prepared;
            if (executes) {
                observer.executing(sql, parameters);
            } else if (method.getName().startsWith("set")
                    && method.getParameterCount() > 1
                    && arguments[0] instanceof Integer) {
                parameters.add(arguments[1]);
            }
            Object result = call(statement, method, arguments);
            if (executes) {
                observer.executed(sql);
            }
            return result instanceof ResultSet rows ? observed(rows, observer) : result;
        });
    }

    private static ResultSet observed(ResultSet rows, Observer observer) {
        return proxy(ResultSet.class, (proxy, method, arguments) -> {
            Object result = call(rows, method, arguments);
            if (method.getName().equals("next") && Boolean.TRUE.equals(result)) {
                observer.row();
            }
            return result;
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(ObservedDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(getClass().getName());
    }
}
