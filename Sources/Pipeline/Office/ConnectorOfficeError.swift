package import Kernel

/// Why a connector is not made or changed.
package enum ConnectorOfficeError: Error, Hashable {
    case unknown(String)
    case idInvalid(String)
    case idTaken(String)
    case unknownKind(String, known: [String])
    case unknownBook(String)
    case unknownField(String, kind: String)
    case missingField(String, Phrase)
    case badField(String, Phrase)
    case takesNoMapping(String)
}

extension ConnectorOfficeError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "integration.unknown",
                title: Phrase(zh: "没有这个连接器。", en: "There is no such connector."),
                location: Phrase(zh: "连接器 \(id)", en: "connector \(id)"),
                cause: Phrase(zh: "系统中没有此编号。", en: "The installation has none of this id."),
                remedy: Phrase(zh: "请从连接页面打开。", en: "Open it from the page of connectors.")
            )
        case .takesNoMapping(let id):
            Problem(
                code: "integration.takes_no_mapping",
                title: Phrase(zh: "这个连接器没有映射。", en: "This connector has no mapping."),
                location: Phrase(zh: "连接器 \(id)", en: "connector \(id)"),
                cause: Phrase(
                    zh: "通用连接器直接接收统一单据格式。", en: "A generic connector takes the document form as it is."
                ),
                remedy: Phrase(
                    zh: "请让发送方按 /api/v1/schemas/document 发送。", en: "Let the sender follow /api/v1/schemas/document."
                )
            )
        case .idInvalid(let text):
            Problem(
                code: "integration.id_invalid",
                title: Phrase(zh: "连接器编号不可用。", en: "This cannot be the id of a connector."),
                location: Phrase(zh: "编号「\(text.prefix(60))」", en: "id “\(text.prefix(60))”"),
                cause: Phrase(
                    zh: "编号由 2 至 40 个小写字母、数字或短横组成，它是回调地址的一部分。",
                    en: "An id is 2 to 40 small letters, digits or dashes; it is part of the callback address."
                ),
                remedy: Phrase(zh: "请改为如 oa 或 dingtalk-1。", en: "Use one such as oa or dingtalk-1.")
            )
        case .idTaken(let id):
            Problem(
                code: "integration.id_taken",
                title: Phrase(zh: "连接器编号已被使用。", en: "The id is taken."),
                location: Phrase(zh: "连接器 \(id)", en: "connector \(id)"),
                cause: Phrase(zh: "已有同编号的连接器。", en: "There is a connector of this id."),
                remedy: Phrase(zh: "请换一个编号。", en: "Choose another one.")
            )
        case .unknownKind(let kind, let known):
            Problem(
                code: "integration.unknown_kind",
                title: Phrase(zh: "没有这种连接器。", en: "There is no such kind of connector."),
                location: Phrase(zh: "种类「\(kind.prefix(40))」", en: "kind “\(kind.prefix(40))”"),
                cause: Phrase(
                    zh: "可选：\(known.joined(separator: "、"))。", en: "Known are \(known.joined(separator: ", "))."
                ),
                remedy: Phrase(zh: "请选择其中之一。", en: "Choose one of them.")
            )
        case .unknownBook(let book):
            Problem(
                code: "integration.unknown_book",
                title: Phrase(zh: "没有这个公司账套。", en: "There is no book of a company with this id."),
                location: Phrase(zh: "默认账套「\(book.prefix(40))」", en: "home book “\(book.prefix(40))”"),
                cause: Phrase(zh: "连接器的单据须有账套可去。", en: "A connector's cases need a book to go to."),
                remedy: Phrase(zh: "请先建立公司。", en: "Set the company up first.")
            )
        case .unknownField(let name, let kind):
            Problem(
                code: "integration.unknown_field",
                title: Phrase(zh: "没有这个设置项。", en: "There is no such setting."),
                location: Phrase(zh: "\(kind)：\(name.prefix(60))", en: "\(kind): \(name.prefix(60))"),
                cause: Phrase(zh: "此种连接器没有该项。", en: "This kind of connector does not have it."),
                remedy: Phrase(zh: "请核对名称，避免拼写错误。", en: "Check its spelling.")
            )
        case .missingField(let name, let label):
            Problem(
                code: "integration.missing_field",
                title: Phrase(zh: "缺少必填的设置项。", en: "A setting that is needed is missing."),
                location: Phrase(zh: "\(label.zh)（\(name)）", en: "\(label.en) (\(name))"),
                cause: Phrase(zh: "没有它，来件无法验证或取回。", en: "Without it nothing can be proven or fetched."),
                remedy: Phrase(zh: "请填写。", en: "Fill it in.")
            )
        case .badField(let name, let label):
            Problem(
                code: "integration.bad_field",
                title: Phrase(zh: "设置项的形式不对。", en: "A setting is not of its form."),
                location: Phrase(zh: "\(label.zh)（\(name)）", en: "\(label.en) (\(name))"),
                cause: Phrase(zh: "值的类型与该项不符。", en: "The value is of another type."),
                remedy: Phrase(zh: "请按说明填写。", en: "Write it as its help says.")
            )
        }
    }
}
