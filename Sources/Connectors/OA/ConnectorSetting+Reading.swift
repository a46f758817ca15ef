import Kernel
import Pipeline

/// How connectors read their settings.
extension ConnectorSetting {
    func option(_ name: String) -> String? { options[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// A list of texts; one text stands for a list of one.
    func optionList(_ name: String) -> [String] {
        if let text = option(name) { return [text] }
        return options[name]?.array?.compactMap(\.string) ?? []
    }

    func secret(_ name: String) throws(ConnectorError) -> String {
        guard let secret = secrets[name], !secret.isEmpty else { throw .notConfigured(connector: id, setting: name) }
        return secret
    }

    /// The rules for calls out, with hosts that need no entry because the vendor or another setting names them.
    func addressRules(defaults: [String] = []) -> AddressRules {
        AddressRules(
            listed: optionList("allowed_hosts"), defaults: defaults,
            allowsPlainHTTP: options["allow_http"]?.bool ?? false
        )
    }
}

extension SafeHTTP.Answer {
    /// What an answer outside of 2xx means, where the vendor says nothing more precise.
    func refusal(connector: String, address: String) -> ConnectorError? {
        switch status {
        case 200..<300: nil
        case 429: .throttled(connector: connector, retryAfterSeconds: retryAfterSeconds ?? 60)
        case 500...: .unreachable(connector: connector, address: address, reason: "HTTP \(status)")
        default: .refused(connector: connector, address: address, reason: "HTTP \(status)")
        }
    }

    /// Seconds only; the form with a date needs a clock and is treated as absent.
    var retryAfterSeconds: Int? { headers["retry-after"].flatMap { Int($0) }.map { min(max($0, 1), 3_600) } }
}
