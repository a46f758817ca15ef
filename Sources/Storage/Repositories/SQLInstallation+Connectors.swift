import Cryptography
import Kernel
import Pipeline

/// Connectors. Their secrets are sealed under the master key of the installation before they are stored.
extension SQLInstallation {
    private static let columns = """
        connector_id, kind, connector_name, home_book, settings, sealed_secrets, mapping, mapping_version, is_active
        """

    func connectors() throws -> [ConnectorSetting] {
        try context.connection.rows(
            "SELECT \(Self.columns) FROM connectors WHERE book_id = $1 ORDER BY connector_id", [context.bookValue]
        ).map(connector)
    }

    func connector(_ id: String) throws -> ConnectorSetting? {
        try context.connection.row(
            "SELECT \(Self.columns) FROM connectors WHERE book_id = $1 AND connector_id = $2",
            [context.bookValue, .text(id)]
        ).map(connector)
    }

    func set(_ connector: ConnectorSetting) throws {
        let secrets = JSON.object(connector.secrets.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let sealed = try seal(secrets.utf8, key: context.sealing.masterKey, context: Self.purpose(connector.id))
        try context.connection.send(
            """
            INSERT INTO connectors (book_id, \(Self.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (book_id, connector_id) DO UPDATE SET kind = excluded.kind,
            connector_name = excluded.connector_name, home_book = excluded.home_book, settings = excluded.settings,
            sealed_secrets = excluded.sealed_secrets, mapping = excluded.mapping,
            mapping_version = excluded.mapping_version, is_active = excluded.is_active
            """,
            [
                context.bookValue, .text(connector.id), .text(connector.kind), .text(connector.name),
                .text(connector.homeBook.text), .json(connector.options), .bytes(sealed), .json(connector.mapping),
                .int(connector.mappingVersion), .flag(connector.isActive),
            ]
        )
        try context.log(
            "connector.set", "connector:" + connector.id,
            .object([
                ("kind", .string(connector.kind)), ("name", .string(connector.name)),
                ("home_book", .string(connector.homeBook.text)), ("options", connector.options),
                ("secrets", .array(connector.secrets.keys.sorted().map(JSON.string))),
                ("mapping_version", .integer(connector.mappingVersion)),
                ("mapping_sha256", .string(sha256(connector.mapping.canonical).hex)),
                ("active", .bool(connector.isActive)),
            ])
        )
    }

    private func connector(_ row: SQLRow) throws -> ConnectorSetting {
        let id = try row.text(0)
        let opened = try open(try row.bytes(5), key: context.sealing.masterKey, context: Self.purpose(id))
        let members = try row.require(JSON(parsing: opened).members, 5, "secrets")
        var secrets: [String: String] = [:]
        for member in members { secrets[member.name] = member.value.string }
        return ConnectorSetting(
            id: id, kind: try row.text(1), name: try row.text(2), homeBook: Book.ID(try row.text(3)),
            options: try row.json(4), secrets: secrets, mapping: try row.json(6), mappingVersion: try row.int(7),
            isActive: try row.flag(8)
        )
    }

    /// Binds the sealed bytes to their connector: those of one cannot be put into the row of another.
    private static func purpose(_ id: String) -> [UInt8] { Array("connector:\(id)".utf8) }
}
