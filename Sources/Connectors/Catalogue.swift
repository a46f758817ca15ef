package import Kernel
package import Pipeline
import Synchronization

/// Every kind of connector this program has.
package final class Catalogue: ConnectorCatalogue {
    private let http: SafeHTTP
    private let now: @Sendable () -> Timestamp
    /// One cache for each application, so that connectors made anew do not ask for new tokens.
    private let tokens = Mutex<[String: TokenCache]>([:])

    package init(http: SafeHTTP, now: @escaping @Sendable () -> Timestamp) {
        self.http = http
        self.now = now
    }

    package var kinds: [ConnectorKind] {
        [
            GenericConnector.description, DingTalkConnector.description, FeishuConnector.description,
            WeComConnector.description,
        ]
    }

    package func connector(for setting: ConnectorSetting) throws(ConnectorError) -> any OAConnector {
        switch setting.kind {
        case GenericConnector.kind: try GenericConnector(setting, http: http, now: now)
        case DingTalkConnector.kind:
            try DingTalkConnector(setting, http: http, tokens: cache(for: setting, application: "app_key"))
        case FeishuConnector.kind:
            try FeishuConnector(setting, http: http, tokens: cache(for: setting, application: "app_id"))
        case WeComConnector.kind:
            try WeComConnector(setting, http: http, tokens: cache(for: setting, application: "corp_id"))
        default: throw .notConfigured(connector: setting.id, setting: "kind \(setting.kind)")
        }
    }

    /// Ends the connections that are kept open.
    package func shutdown() async {
        await http.shutdown()
    }

    /// - Parameter option: The option that names the application at its vendor.
    private func cache(for setting: ConnectorSetting, application option: String) -> TokenCache {
        let address = setting.option("api_base") ?? ""
        let application = "\(setting.kind) \(setting.id) \(address) \(setting.option(option) ?? "")"
        return tokens.withLock { known in
            if let cache = known[application] { return cache }
            let cache = TokenCache(now: now)
            known[application] = cache
            return cache
        }
    }
}

/// What of an OA product can be looked at without a connection to it, for `pingqiao oa`.
package struct Platform: Sendable {
    package let id: String
    /// Runs recorded callbacks against the decoder; `nil` where the vendor has no callbacks of its own.
    package let decode: (@Sendable (JSON) -> JSON)?
    /// Brings an instance, as the vendor's interface gives it, into the form that mappings read.
    package let payload: @Sendable (JSON) -> JSON

    package static let all: [Platform] = [
        Platform(id: DingTalkConnector.kind, decode: { DingTalkVectors.decode($0) }, payload: { $0 }),
        Platform(
            id: FeishuConnector.kind, decode: { FeishuVectors.decode($0) }, payload: { FeishuForm.payload(of: $0) }),
        Platform(id: WeComConnector.kind, decode: { WeComVectors.decode($0) }, payload: { WeComForm.payload(of: $0) }),
    ]
}
