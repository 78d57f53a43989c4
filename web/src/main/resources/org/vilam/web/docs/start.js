// Begins the page; a script of its own, because the page's policy allows no inline ones.
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
