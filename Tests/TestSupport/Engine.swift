/// A database engine that a test runs on.
package enum Engine: String, CaseIterable, Sendable {
    case sqlite
    case postgreSQL

    /// Both, or SQLite alone where PostgreSQL is not installed.
    package static let available: [Engine] = PostgreSQLServer.shared == nil ? [.sqlite] : allCases
}
