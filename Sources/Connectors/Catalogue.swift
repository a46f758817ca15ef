package import Kernel
package import Pipeline
import Synchronization

/// Every kind of connector this program has.
package final class Catalogue: ConnectorCatalogue {
    /// The kinds a person may choose from, with their names.
    package static let kinds: [(kind: String, name: Phrase)] = [
        (GenericConnector.kind, Phrase(zh: "通用（签名推送）", en: "Generic (signed push)")),
        (DingTalkConnector.kind, Phrase(zh: "钉钉", en: "DingTalk")),
    ]

    private let http: SafeHTTP
    private let now: @Sendable () -> Timestamp
    /// One cache for each application, so that connectors made anew do not ask for new tokens.
    private let tokens = Mutex<[String: TokenCache]>([:])

    package init(http: SafeHTTP, now: @escaping @Sendable () -> Timestamp) {
        self.http = http
        self.now = now
    }

    package func connector(for setting: ConnectorSetting) throws(ConnectorError) -> any OAConnector {
        switch setting.kind {
        case GenericConnector.kind: try GenericConnector(setting, http: http, now: now)
        case DingTalkConnector.kind: try DingTalkConnector(setting, http: http, tokens: cache(for: setting))
        default: throw .notConfigured(connector: setting.id, setting: "kind \(setting.kind)")
        }
    }

    /// Ends the connections that are kept open.
    package func shutdown() async {
        await http.shutdown()
    }

    private func cache(for setting: ConnectorSetting) -> TokenCache {
        let address = setting.option("api_base") ?? ""
        let application = "\(setting.kind) \(setting.id) \(address) \(setting.option("app_key") ?? "")"
        return tokens.withLock { known in
            if let cache = known[application] { return cache }
            let cache = TokenCache(now: now)
            known[application] = cache
            return cache
        }
    }
}
