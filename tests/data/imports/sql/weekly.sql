-- owner: Ana Ruiz <ana@example.org>
-- department: Client Services
-- name: Weekly intake list
SELECT id, phone FROM app.intakes ORDER BY id;
