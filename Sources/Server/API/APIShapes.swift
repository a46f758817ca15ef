package import Kernel
package import Pipeline

/// The shapes of the API: what bodies have to be, and what answers are (`Schemas/api.schema.json`).
///
/// What is published is what is checked: a body that is not of its shape never reaches a handler.
package struct APIShapes: Sendable {
    /// All shapes by name, as OpenAPI publishes them.
    let components: JSON
    private let bodies: [String: DocumentSchema]

    /// Reads the file of shapes.
    ///
    /// - Throws: `DocumentSchemaError` for a body's shape that cannot be checked.
    package init(_ file: JSON) throws(DocumentSchemaError) {
        let members = file["bodies"]?.members ?? []
        components = JSON.object(members + (file["answers"]?.members ?? []))
        var bodies: [String: DocumentSchema] = [:]
        for member in members { bodies[member.name] = try DocumentSchema(member.value) }
        self.bodies = bodies
    }

    /// Refuses a body that is not of the shape.
    func check(_ body: JSON, as name: String) throws(DoorError) {
        guard let violation = bodies[name]?.violations(in: body, limit: 1).first else { return }
        throw .badBody(violation.shownPointer, expected: violation.expected, found: violation.found)
    }
}
