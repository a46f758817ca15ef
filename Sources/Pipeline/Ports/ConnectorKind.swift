package import Kernel

/// A kind of connector people may choose, and what it wants to be told (连接器类型).
package struct ConnectorKind: Hashable, Sendable {
    /// As it stands in a setting: `dingtalk`.
    package let id: String
    package let name: Phrase
    /// In the order in which a person fills them in.
    package let fields: [Field]
    /// Whether its deliveries need a mapping; the one that ships is `Mappings/<id>.json`.
    package let needsMapping: Bool

    /// The fields of every kind follow the kind's own.
    package init(id: String, name: Phrase, fields: [Field], needsMapping: Bool) {
        self.id = id
        self.name = name
        self.fields = fields + Field.ofEveryKind
        self.needsMapping = needsMapping
    }

    /// One setting of a connector, as a form asks for it.
    package struct Field: Hashable, Sendable {
        /// Its name among the options or secrets of the setting.
        package let name: String
        package let label: Phrase
        /// What it is for and where it is found.
        package let help: Phrase
        package let form: Form
        package let isRequired: Bool

        package init(_ name: String, _ label: Phrase, help: Phrase, _ form: Form = .text, isRequired: Bool = false) {
            self.name = name
            self.label = label
            self.help = help
            self.form = form
            self.isRequired = isRequired
        }
    }

    package enum Form: String, Sendable {
        case text
        /// Sealed at rest and never shown again.
        case secret
        case number
        case flag
        /// A list of texts.
        case list
        /// Texts by name.
        case table
    }
}

extension ConnectorKind.Field {
    fileprivate static let ofEveryKind: [ConnectorKind.Field] = [
        ConnectorKind.Field(
            "allowed_hosts", Phrase(zh: "允许访问的主机", en: "Allowed hosts"),
            help: Phrase(
                zh: "除厂商自己的地址外还可以调用的主机：host、host:port 或 *.domain。",
                en: "Hosts that may be called beside the vendor's own: host, host:port or *.domain."
            ), .list
        ),
        ConnectorKind.Field(
            "companies", Phrase(zh: "公司与账套", en: "Companies and books"),
            help: Phrase(zh: "OA 中公司的编号对应本系统的账套。", en: "The book for each id of a company in the OA."), .table
        ),
        ConnectorKind.Field(
            "allow_http", Phrase(zh: "允许 http", en: "Allow http"),
            help: Phrase(zh: "仅用于同一台机器上的测试系统。", en: "Only for test systems on the same machine."), .flag
        ),
        ConnectorKind.Field(
            "timeout_seconds", Phrase(zh: "超时（秒）", en: "Timeout (seconds)"),
            help: Phrase(zh: "等待对方应答的时间，默认 15 秒。", en: "How long an answer is waited for; 15 by default."), .number
        ),
    ]
}
