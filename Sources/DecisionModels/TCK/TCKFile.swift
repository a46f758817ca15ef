package import Decisions
import Markup

/// The test cases of one file of the DMN Technology Compatibility Kit (符合性测试用例).
package struct TCKFile: Sendable {
    package let name: String
    /// The file of the model under test, beside this one.
    package let model: String
    package let cases: [Case]

    package struct Case: Sendable {
        package let id: String
        /// A decision service to call, instead of asking for decisions.
        package let service: String?
        package let inputs: Context
        package let results: [(decision: String, expected: Value)]
    }

    package init(_ file: DMNFile, zoneOffset: @escaping Surroundings.ZoneOffset) throws(DMNError) {
        let root: XMLElement
        do {
            root = try parseXML(file.bytes, limits: DMNDocument.limits)
        } catch {
            throw .notXML(error, file: file.name)
        }
        guard root.name == "testCases" else { throw .notTCK(file: file.name, root: root.name) }
        name = file.name
        model = root.first("modelName")?.value ?? ""
        let values = TCKValues(zoneOffset: zoneOffset)
        cases = root.all("testCase").map { element in
            Case(
                id: element.attribute("id") ?? "",
                service: element.attribute("type") == "decisionService" ? element.attribute("invocableName") : nil,
                inputs: Context(element.all("inputNode").map { ($0.attribute("name") ?? "", values.value(of: $0)) }),
                results: element.all("resultNode").map { result in
                    (result.attribute("name") ?? "", result.first("expected").map(values.value) ?? .null)
                })
        }
    }
}

/// Reads the values of test cases, which are typed by XML Schema.
private struct TCKValues {
    let zoneOffset: Surroundings.ZoneOffset

    func value(of element: XMLElement) -> Value {
        if let list = element.first("list") {
            return list.attribute("nil") == "true" ? .null : .list(list.all("item").map(value))
        }
        let components = element.all("component")
        if !components.isEmpty {
            return .context(Context(components.map { ($0.attribute("name") ?? "", value(of: $0)) }))
        }
        guard let plain = element.first("value"), plain.attribute("nil") != "true" else { return .null }
        let type = plain.attribute("type")?.split(separator: ":").last.map(String.init) ?? ""
        let text = plain.trimmed
        switch type {
        case "decimal", "double", "integer", "int", "long", "float": return Decimal34(text).map(Value.number) ?? .null
        case "boolean": return .boolean(text == "true" || text == "1")
        case "date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration":
            return Value(temporal: text, zoneOffset: zoneOffset) ?? .null
        case "":
            if let number = Decimal34(text) { return .number(number) }
            return text == "true" || text == "false" ? .boolean(text == "true") : .string(plain.text)
        default: return .string(plain.text)
        }
    }
}
