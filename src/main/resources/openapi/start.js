SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  displayRequestDuration: true,
  filter: true,
  // Without this, the page would ask a server on the Internet to check the document.
  validatorUrl: null,
});
