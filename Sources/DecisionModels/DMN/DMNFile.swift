import Markup

/// A file of a decision model: DMN 1.1 to 1.5, as a modeller writes it (决策模型文件).
package struct DMNFile: Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// The XML of a model, with what its head says.
struct DMNDocument {
    static let limits = XMLLimits(bytes: 32 << 20, depth: 128, nodes: 2_000_000, attributes: 256)

    let file: String
    let root: XMLElement
    let name: String
    let namespace: String
    let imports: [(name: String, namespace: String)]

    init(_ file: DMNFile) throws(DMNError) {
        do {
            root = try parseXML(file.bytes, limits: Self.limits, keeping: Self.content)
        } catch {
            throw .notXML(error, file: file.name)
        }
        guard root.name == "definitions", root.namespace?.contains("omg.org/spec/DMN/") == true else {
            throw .notDMN(file: file.name, root: root.name, namespace: root.namespace ?? "")
        }
        self.file = file.name
        name = root.attribute("name") ?? file.name
        namespace = root.attribute("namespace") ?? ""
        imports = root.all("import").compactMap { element in
            // Imported schemas and PMML models are of no use here.
            guard let type = element.attribute("importType"), !type.contains("omg.org/spec/DMN/") else {
                return (element.attribute("name") ?? "", element.attribute("namespace") ?? "")
            }
            return nil
        }
    }

    /// How a model is drawn, and what tools note in it, is left out.
    private static let content = XMLContent(withoutElements: ["DMNDI", "extensionElements"])

    /// Every name that may stand behind a point: components, entries, columns, outputs, and elements of the model.
    var propertyNames: Set<String> {
        var names: Set<String> = []
        collect(root, &names)
        return names
    }

    private func collect(_ element: XMLElement, _ names: inout Set<String>) {
        switch element.name {
        case "itemComponent", "variable", "column", "output", "decision", "inputData", "businessKnowledgeModel":
            if let name = element.attribute("name") { names.insert(name) }
        default: break
        }
        for child in element.children { collect(child, &names) }
    }
}
